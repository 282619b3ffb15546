"""The texts of the Live tab."""

from __future__ import annotations

LIVE = {
    "question": "**What does a network see, right now?** Start the camera, choose a view, and watch it answer.",
    "waking": "Waking the networks …",
    "view": "What is shown",
    "view_picture": "Only the picture",
    "view_classify": "Classify",
    "view_dense": "Dense map",
    "view_detect": "Detect",
    "network": "Network",
    "network_info": "With none chosen, the one that knows photographs answers.",
    "auto": "the one that knows photographs",
    "precision": "Numbers",
    "fp32": "fp32, exact",
    "bf16": "bf16, shorter",
    "bf16_badge": "**bf16:** two to three digits of each number are right; faster where the machine computes in it.",
    "class": "Class of the map",
    "class_info": "A name from the list below; empty: the one that is surest somewhere.",
    "how": "How it works",
    "how_text": """
Each picture of the camera is made a JPEG in your browser and goes to the server through a socket. The server runs the
network and sends back *layers* (boxes, maps, names), which are drawn over the video. The video itself never waits: it
is drawn by your browser, however long the network takes.

**The newest picture wins.** A camera gives 30 to 60 pictures a second; a network may manage 5. If the others stood in
a line, what you see would soon be seconds old. So the line holds *one* picture, and a newer one takes its place: what
the network says is late by one pass, never by more. Pictures that were passed by are the ones *dropped*.

**Back-pressure.** Your browser has at most two pictures on their way, and sends no faster than they are answered. A
slow network or a slow line so costs pictures, not time.

| number | means |
|---|---|
| answered pictures drawn | different pictures a second whose answer was drawn over the video |
| capture to drawn | from the camera's moment to the answer on the screen: half are faster (p50), 95 of 100 (p95) |
| camera, sent, answered | pictures a second that the camera gave, that left your browser, that came back |
| on the way | milliseconds on the way, there and back, without the server's own time |
| dropped | pictures that a newer one took the place of, here or on the server |
| others in line | how many others waited for the device when your picture was taken up |

Where the browser tells when the camera took a picture, time counts from there; otherwise from the moment the page was
given it. All times are of the last five seconds.

**Nothing is kept.** Pictures live in the server's memory until they are answered, and are never written to a disk.

**A phone of the class** opens its camera only for a page on https: start Fovea with `--host 0.0.0.0 --https`, and the
page `/authority` tells each phone how to trust it.

**Try:** move fast with *hold the picture to its answer* off, then on · the dense map against the boxes: which one is
slower, and why? · bf16 against fp32 · two windows of this page at once: who waits for whom?
""",
}

CONTROLS = {
    "start": "Start camera",
    "start_hint": "Show what the camera sees, with the network’s answer over it",
    "play": "Play a video file",
    "play_hint": "A file of your own: your browser plays it and sends single pictures, never the file",
    "stop": "Stop",
    "stop_hint": "Camera off",
    "freeze": "Freeze",
    "freeze_hint": "Take this picture to every tab, and stop",
    "record": "Record",
    "record_hint": "Record what the stage shows, in your browser",
    "recorded": "Stop recording",
    "device": "Camera",
    "any_camera": "the usual one",
    "size": "Resolution",
    "mirror": "Mirror",
    "mirror_hint": "As in a mirror; the network sees it that way too",
    "hold": "Hold the picture to its answer",
    "hold_hint": "Show the very picture that was answered, instead of a smooth video",
    "opening_camera": "Asking for the camera …",
    "opening_file": "Opening the file …",
    "connecting": "Connecting …",
    "waking": "Waiting for the first answer …",
    "running": "Live",
    "reconnecting": "The connection broke: trying again in {seconds} s …",
    "frozen": "Frozen: this picture is now in every tab.",
    "unplayable": (
        "This browser cannot play {name}: choose an MP4 or WebM, or process the whole video on the server, below."
    ),
    "camera_on": "Camera on: pictures go to {host} and are not kept",
    "file_on": "Playing: single pictures go to {host} and are not kept",
    "alt_camera": "live camera, {width} by {height} pixels",
    "alt_file": "live from {name}, {width} by {height} pixels",
    "by": "{model}, {ms} ms a picture",
    "count_drawn": "answered pictures drawn /s",
    "count_p50": "capture to drawn, p50",
    "count_camera": "camera /s",
    "count_sent": "sent /s",
    "count_answered": "answered /s",
    "count_p95": "p95",
    "count_network": "on the way",
    "count_dropped": "dropped",
    "count_line": "others in line",
    "drawn_means": "Different pictures a second whose answer was drawn over the video",
    "p50_means": "From the camera’s moment to the answer on the screen; half of the pictures are faster",
    "camera_means": "Pictures a second that the camera or the file gave",
    "sent_means": "Pictures a second that left this browser",
    "answered_means": "Pictures a second that came back with an answer",
    "p95_means": "95 of 100 pictures are drawn with their answer faster than this",
    "network_means": "Milliseconds on the way, there and back, without the server’s own time",
    "dropped_means": "Pictures in all that a newer one took the place of",
    "line_means": "How many others waited for the device when this picture was taken up",
}
"""What the page's script says."""
