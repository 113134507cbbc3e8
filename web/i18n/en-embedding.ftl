# How to put the lab into a page.

embedding-title = Put the lab into your page
embedding-about = One line is enough. The lab starts paused, takes the focus, keys and the wheel only from who is in it, and rests when it is out of sight.
embedding-code = Lines to copy
embedding-copy = Copy
embedding-copied = Copied
embedding-example = TCP Lab, an example

embedding-frame = A frame
embedding-frame-about = Works everywhere, also in learning platforms that strip scripts, and in a sandbox. Below is what this line makes.
embedding-element = An element
embedding-element-about = For pages that allow scripts: it is as tall as it needs to be, and labs of one page share what they load. Instead of the module, the classic script will do. Below is what the lines make.

embedding-parameters = Parameters
embedding-parameters-about = They stand in the address of the frame or as attributes of the element. A value that does not fit is told in a sentence, and the rest goes on.
embedding-p-lesson = A lesson by its name, such as 05-handshake. Without it: the lab.
embedding-p-scenario = A run to begin with by its name, such as lossy-wifi, or a scenario as JSON.
embedding-p-run = A run, as the lab shares it (tcplab:1:…). In an address it stands behind the #.
embedding-p-lang = ko or en. Without it: the language of the page or of the reader.
embedding-p-theme = light, dark or auto.
embedding-p-speed = From 0.001 to 1: how much of a second passes in a second. At first 0.01.
embedding-p-paused = false: it plays as soon as it is seen.
embedding-p-views = What is shown, with commas: { $stage }; and one of these opens that view: { $tabs }.
embedding-p-controls = full; player: only time can be moved; none.
embedding-p-seed = A whole number: another seed, another course of chance.
embedding-p-t = The time to open at, in milliseconds.
embedding-p-reducedmotion = true: steps in place of motion. Without it: what the reader’s system says.

embedding-messages = Messages
embedding-messages-about = A small script on your side makes the frame as tall as it likes, makes events of its messages, and passes commands on. Without it the frame works as well. Try the buttons; below them is what the frame tells.
embedding-commands = Commands to the frame
embedding-heard = What the frame told last
embedding-e-ready = The lab is there.
embedding-e-resize = height: how tall it would like to be, in pixels.
embedding-e-step = t, playing, event, sentence: what just happened, and when.
embedding-e-answer = lesson, step, answer, right: what was answered.
embedding-e-complete = lesson, points, of, scaled: the lesson is over.
embedding-e-statement = The same as an xAPI statement. Who it was is for your page to add.
embedding-e-error = code, message: what could not be done.

embedding-packages = Packages
embedding-k-npm = For npm: npm install, then import 'tcp-lab'. With types.
embedding-k-single = All in one file, which runs from a disk.
embedding-k-scorm = For learning platforms with SCORM 1.2: each lesson reports answers, score and completion.
embedding-k-cmi5 = For learning platforms with cmi5 and a record store.

embedding-promise = What an embed does not do
embedding-promise-about = No cookies, no tracking, no connection but to fetch its own files. It tells its page what is answered only when the page asks. The policy script-src 'self' 'wasm-unsafe-eval' is enough for the element.
