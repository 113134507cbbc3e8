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
