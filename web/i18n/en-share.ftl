# The words of the share dialog.

share-title = Share this run
share-intro = The run with all that was done in it, opened where you look now.
share-link = Link
share-iframe = For another page, as a frame
share-element = For another page, as an element
share-copy = Copy
share-copied = Copied.
share-copy-fails = The browser does not let it be copied. It is selected: press Ctrl+C.
share-size = { $bytes } characters: mail and chats leave that whole.
share-long = { $bytes } characters: mail and chats may cut this link off. A file is safer.
share-too-long = This run is too large for a link. Save it as a file, which opens when it is dropped on this page.
share-files = Files
share-pcapng = Capture (pcapng)
share-json = Run (JSON)
share-svg = Ladder (SVG)
share-png = Ladder (PNG)
share-print = Print the ladder
share-pcapng-hint = Opens in Wireshark. Each packet’s comment says why it was sent.
share-left-out = { $count } frames more are left out.
