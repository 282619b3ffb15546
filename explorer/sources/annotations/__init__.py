"""What really is in a picture, from a file of the visitor's own: VOC XML, YOLO text or COCO JSON."""
