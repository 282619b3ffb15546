"""The texts of the Classify tab."""

from __future__ import annotations

CLASSIFY = {
    "question": "**What is in this picture, and how sure is the network?**",
    "networks": "Networks",
    "networks_info": "Up to four, side by side; with none chosen, the one that knows such pictures answers.",
    "to_fetch": "{name} · {size:.0f} MB to fetch",
    "untrained": "{model}, never trained",
    "crops": "It sees",
    "centre": "the centre crop",
    "ten": "ten crops",
    "bars": "Bars show",
    "softmax": "probabilities",
    "raw": "raw scores",
    "top": "How many classes",
    "waking": "Waking the networks …",
    "no_picture": "Choose a picture on the left.",
    "fetch": "Fetch the weights",
    "stop": "Stop",
    "fetching": "Fetching {model} …",
    "sketch": "Draw a digit, and LeNet reads it",
    "sketch_how": "Write one digit, large, with mouse, finger or pen. LeNet-5 of 1998 answers while you draw.",
    "sketch_name": "your drawing",
    "sketch_clear": "Clear",
    "sketch_canvas": "A field to draw a digit on",
    "sketch_hint": "Draw here",
    "vary": "As training would have shown it",
    "vary_how": (
        "AlexNet never saw a picture twice the same way: a window of it at random, perhaps mirrored, its colours moved "
        "along their own main directions. A network that learnt from that should not mind. Does it?"
    ),
    "ways": "Vary",
    "window": "the window",
    "mirror": "left and right",
    "colour": "the colours",
    "throw": "Throw of the dice",
    "throw_again": "Throw again",
    "how": "How it works",
    "how_text": """
The picture is made as small as the network wants it, a square is cut from it (dashed on the picture), and the network
answers with one number per class, its *raw scores* or *logits* $z$. Softmax turns them into probabilities:

$$p_i = \\frac{e^{z_i}}{\\sum_j e^{z_j}}$$

**Ten crops** cuts the four corners and the centre, adds their mirror images, and averages the ten answers: so AlexNet
was tested. **Colour shift**: to every pixel is added $[p_1, p_2, p_3][\\alpha_1 \\lambda_1, \\alpha_2 \\lambda_2,
\\alpha_3 \\lambda_3]^T$, with $p_i$, $\\lambda_i$ the eigenvectors and eigenvalues of the colours' covariance and
$\\alpha_i \\sim N(0, 0.1)$, drawn once a picture; the paper takes the covariance over all its training pictures, this
page over the one you see. Krizhevsky, Sutskever and Hinton 2012, section 4.1.

**Try:** a picture with its subject at the edge, by one crop and by ten · a trained network beside the same one *never
trained*: how even are the scores of a network that never learnt? · an old network against a new one: which is faster? ·
a street scene before a network that knows photographs, and the other way round.
""",
}
