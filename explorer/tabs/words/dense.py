"""The texts of the Dense tab."""

from __future__ import annotations

DENSE = {
    "question": "**What if the network looked everywhere?** Sliding its window, or all at once?",
    "network": "Network",
    "auto": "one that fits it",
    "class": "Class",
    "surest": "the surest one",
    "stride": "Places lie",
    "coarse": "as far apart as the network steps",
    "fine": "half as far: its last pool at every offset",
    "scales": "Picture made larger by",
    "scales_info": "One to six: each is looked at, and their answers become one.",
    "shown": "On the stage",
    "what": "On the stage are",
    "maps": "maps of a class",
    "boxes": "boxes: what is where",
    "regressor": "boxes by the regressor, not the windows themselves",
    "method": "Windows",
    "sliding": "one by one",
    "batched": "32 at a time",
    "slide": "Slide the window",
    "stop": "Stop",
    "waking": "Waking the networks …",
    "no_picture": "Choose a picture on the left.",
    "fetching": "Fetching {model} …",
    "place": "One place, computed three times",
    "place_how": "Click a place on a map (or Enter at the stage’s cursor); until then, where the class is surest.",
    "flip": "A dense layer is a convolution",
    "flip_how": (
        "A dense layer that reads a map of 6x6 cells is a convolution with 6x6 kernels: the same weights, the same "
        "numbers out. On its own picture size it gives one cell; on a larger picture, a map."
    ),
    "why": "Where the two disagree, and why",
    "why_how": "Layers that see something else at a window’s border than inside the picture, by name.",
    "one": "One answer from the whole picture",
    "one_how": (
        "OverFeat takes the highest score of each class over the places of a scale, then the mean over the scales: a "
        "small thing fills few places, and a mean over them would drown it, while no one scale alone is to decide. "
        "Averages over the places of the scale on the stage stand beside it. Where the last layer is linear, averaging "
        "its logits is averaging the features before it: so ResNet and GoogLeNet end. Ten crops were what AlexNet had."
    ),
    "how": "How it works",
    "how_text": """
Cut a window $R$ pixels wide at every place of a picture of $H \\times W$, $s$ pixels apart, and ask the network each
time: $(\\lfloor (H-R)/s \\rfloor + 1)(\\lfloor (W-R)/s \\rfloor + 1)$ passes that compute nearly the same maps over and
over. Run the convolutions **once over the whole picture** instead, and let the dense layers slide over the last map, as
the convolutions that they are: the same scores for a fraction of the work. Where the last pool steps by 2, it is
done at each of its offsets, and places lie half as far apart.

Sermanet and others, *OverFeat*, ICLR 2014, section 3.3; Long, Shelhamer, Darrell, CVPR 2015, section 3.1.

A convolution this large runs best as one matrix product over the gathered windows: that is how it is run here.

**Try:** a network with padding (AlexNet) and look at the difference map: where is it largest? · places half as far
apart: by how much does each time grow? · several scales: which finds the bus, which the bird? · a click where the two
maps disagree: which of the three numbers is the odd one? · a class that is not there.
""",
}
