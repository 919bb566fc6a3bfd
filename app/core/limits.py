"""The bounds of what a request may hold, published at /api/v1/limits."""

MAX_BODY = 64 * 1024
MAX_TOKENS = 64
MAX_TOKEN = 32
MAX_TEXT = 400
MAX_BATCH = 4
MAX_EMBED = 128
MAX_HEADS = 12
MAX_MAGNITUDE = 1e4
MAX_RESPONSE = 1024 * 1024
