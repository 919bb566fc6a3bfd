"""What is asked: the YAML format, its checks, and the immutable versions kept in the database."""
