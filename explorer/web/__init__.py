"""What stands beside Gradio on the same port."""
