"""The kinds of array this library takes and gives back."""

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.floating]
BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.integer]
MaskArray = NDArray[np.bool_ | np.floating]
