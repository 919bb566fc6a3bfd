"""The version of the installed distribution."""

from importlib.metadata import PackageNotFoundError, version

try:
    VERSION = version("attention-viva")
except PackageNotFoundError:  # run from a folder that was never installed
    VERSION = "0"
