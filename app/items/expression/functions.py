"""The functions a learner may call, by name."""

import numpy as np

from .arguments import Function, function
from .elementwise import absolute, elementwise, paired, sigmoid, where
from .reducing import extreme, layer_norm, reduction, softmax, total
from .shaping import arange, concatenate, eye, ones, reshape, transpose, triangle, zeros

FUNCTIONS: dict[str, Function] = {
    "softmax": function("softmax", softmax),
    "exp": elementwise("exp", np.exp, 4),
    "log": elementwise("log", np.log, 4),
    "log2": elementwise("log2", np.log2, 4),
    "log10": elementwise("log10", np.log10, 6),
    "sqrt": elementwise("sqrt", np.sqrt, 2),
    "tanh": elementwise("tanh", np.tanh, 6),
    "sin": elementwise("sin", np.sin, 12),
    "cos": elementwise("cos", np.cos, 12),
    "sigmoid": elementwise("sigmoid", sigmoid, 8),
    "relu": elementwise("relu", lambda x: np.maximum(x, 0.0), 1),
    "abs": function("abs", absolute),
    "where": function("where", where),
    "maximum": paired("maximum", np.maximum),
    "minimum": paired("minimum", np.minimum),
    "max": extreme("max", np.max, max),
    "min": extreme("min", np.min, min),
    "sum": function("sum", total),
    "mean": function("mean", reduction("mean", np.mean, empty=False)),
    "ln": function("ln", layer_norm),
    "concat": function("concat", concatenate),
    "concatenate": function("concatenate", concatenate),
    "arange": function("arange", arange),
    "eye": function("eye", eye),
    "ones": function("ones", ones),
    "zeros": function("zeros", zeros),
    "tril": triangle("tril", np.tril),
    "triu": triangle("triu", np.triu),
    "transpose": function("transpose", transpose),
    "reshape": function("reshape", reshape),
}
