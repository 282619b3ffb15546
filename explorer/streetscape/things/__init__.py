"""The ten things, one file each."""
