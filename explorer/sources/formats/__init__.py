"""What a picture file says about itself, one file per format, read without decoding it."""
