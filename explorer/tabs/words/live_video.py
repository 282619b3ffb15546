"""The texts of the Live tab's part that processes whole videos."""

from __future__ import annotations

LIVE_VIDEO = {
    "title": "Process a whole video",
    "about": (
        "Every picture of a video goes through the view chosen above, none is left out, and what comes out is a film "
        "to watch and to keep, with its sound."
    ),
    "process": "Process it",
    "stop": "Stop, and keep what is done",
    "empty": "Choose a video first.",
    "fetching": "Fetching {model} … {share}",
    "waiting": "Others’ videos are being processed: yours is next.",
    "stopped": "Stopped before it began.",
    "begun": "Beginning …",
    "pace": "{frames} pictures, {done} of {total}",
    "pace_unknown": "{frames} pictures, {done}",
    "left": "{left} left",
    "made": "{frames_in} pictures in, {frames_out} out, {seconds}, {width} × {height}, {ms} ms a picture",
    "made_by": "by {model}",
    "save": "Save the film",
    "film": "The film that was made",
    "gone": "The film is kept for ten minutes, or until this page is left.",
}

PICKER = {
    "choose": "Choose a video",
    "again": "Choose another",
    "hint": "MP4, MOV, WebM, MKV or AVI, up to {most}. Of a longer one, the first {seconds} are processed.",
    "hint_any": "MP4, MOV, WebM, MKV or AVI, of any length.",
    "kept": "It goes to this server, is worked on there, and is gone ten minutes after its last use or with this page.",
    "sending": "Sending {name}: {share}",
    "looking": "Looking at {name} …",
    "cancel": "Cancel",
    "ready": "{name}: {kind}, {width} × {height}, {length}",
    "with_sound": "with sound",
    "no_length": "its length is not told",
    "too_large": "The video has {got} MB and this server takes {most} MB: cut out a part and give that.",
    "failed": "The video did not arrive: check the connection and try again.",
}
"""What the page's script says."""
