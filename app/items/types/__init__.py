"""Item types, one file each."""
