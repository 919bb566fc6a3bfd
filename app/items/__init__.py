"""Item types, one file each in `types/`, registered by key; a question's items name theirs."""
