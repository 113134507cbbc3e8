# The pages around the lab.

page-nav = Pages
page-index = Lab
page-course = Lessons

course-title = TCP/IP lessons
course-about = Eighteen lessons on a real TCP/IP stack: predict, watch, do. The stack is the judge, too.
course-minutes = { $minutes } min
course-begun = begun
course-finished = { $finished } of { $of } finished.
course-progress = Your progress
course-kept = It is kept in this browser and sent nowhere. A file takes it to another one.
course-export = Save as a file
course-import = Take from a file
course-forget = Forget all
course-forget-sure = Really forget all { $count }?
course-forgotten = Forgotten.
course-imported = { $count } { $count ->
        [one] lesson
       *[other] lessons
    } taken from { $name }.
course-import-none = { $name } has nothing that is not known here already.
course-refused = { $name } is not taken. What is wrong with it:

fault-json = this is not JSON: { $why }
fault-kind = this is no file of progress of TCP Lab
fault-version = version { $found }; here version { $known } is known
fault-object = expected an object
fault-lesson = there is no such lesson
fault-whole = expected a whole number, 0 or more
fault-boolean = expected true or false
fault-answer = expected a text or a number
fault-stop = where it is to stop does not come
fault-no-answer = the stack has no one answer to it
fault-solution = the solution does not meet the goal
fault-line = neither a message, nor a part of one, nor a remark
fault-text-missing = this text is missing
fault-text-spare = nothing asks for this text
fault-text-value = it mentions what is not there: { $what }
fault-text-term = the glossary has no “{ $term }”

page-try = Try a lesson
page-embedding = Embed it
try-title = Try a lesson
try-about = Write one, paste one, or drop its files here. What is wrong is told with its place as you type; then it runs. All stays in this browser.
try-texts = The lesson’s texts
try-begin = Begin with …
try-take = Take a file
try-save = Save the three files
try-run = Run it
try-not-kept = This browser keeps nothing: save the files before you leave.
try-looking = Looking …
try-good = Nothing wrong so far. Run it to let the stack answer.
try-runs = It runs to its end, and each question has one answer.
try-faults = { $count ->
        [one] One thing is wrong:
       *[other] { $count } things are wrong:
    }
try-answers = What the stack answers
try-lesson = The lesson
try-empty = The lesson will run here.
try-put-back = Put back what was there

page-teacher = For teachers
teacher-title = For teachers
teacher-about = Show a lesson to a room, print a worksheet, look at the answers, or put the lesson into a page of yours.
teacher-present-keys = Presenting: large type, a big ladder. Enter, N or Page Down goes on, the number keys answer, the arrows step, Space plays, Escape ends it.
teacher-present = Present
teacher-worksheet = Worksheet
teacher-key = Answer key
teacher-embed = Embed
teacher-copy = Copy
teacher-copied = Copied.
teacher-iframe = A frame: works in every learning platform
teacher-element = An element: for pages that allow scripts
teacher-wish-lang = Language
teacher-wish-theme = Colours
teacher-wish-controls = Controls
teacher-lang-any = the reader’s
teacher-lang-ko = Korean
teacher-lang-en = English
teacher-theme-any = the reader’s
teacher-theme-light = light
teacher-theme-dark = dark
teacher-controls-any = all
teacher-controls-player = time only
teacher-controls-none = none

sheet-name = Name
sheet-date = Date
sheet-because = Because
sheet-draw = Draw the segments as you expect them, with their flags.
sheet-print = Print
sheet-key = Answer key. The stack has just run the lesson: these are its answers and its segments.
sheet-ladder = What the stack did in this step
sheet-more = { $count } more frames are not drawn.
sheet-otherwise = Any other number:
sheet-running = The stack runs the lesson …
sheet-gate = This page shows all answers of the lesson. It is meant for those who teach it.
sheet-show = Show the answers
