"""A small item of each type whose answer is typed: numeric, fill, formula."""

NUMERIC = """
key: weight-of-first
type: numeric
skill: compute
seconds: 90
stem:
  en: Scores $s = [[s]]$, width $d = [[d]]$. Which weight does the first key get after scaling?
  zh: 得分 $s = [[s]]$，维度 $d = [[d]]$。缩放之后第一个键得到多少权重？
params:
  s: {grid: [-4, 6, 0.5], shape: [3], distinct: true}
  d: {one_of: [4, 16]}
let: {w: softmax(s / sqrt(d))}
guards: ["abs(answer - 1/3) > 0.02"]
solution: w[0]
tolerance: {abs: 0.002}
wrong:
  - value: softmax(s)[0]
    mutant: no_scale
    why: {en: The scale is missing., zh: 漏了缩放。}
  - value: softmax(s / d)[0]
    mutant: scale_by_d_k
    why: {en: "Divided by $[[d]]$, not by its root.", zh: "除以了 $[[d]]$，而不是它的平方根。"}
workings: ["round(exp(s[0]/sqrt(d)), 4) / round(sum(exp(s/sqrt(d))), 4)"]
why: {en: "The weights are $[[w|3]]$.", zh: "权重是 $[[w|3]]$。"}
"""

FILL = """
key: equal-scores
type: fill
skill: recall
seconds: 30
stem:
  en: If every key gets the same score, the output is the ____ of the values.
  zh: 若每个键的得分都相同，输出就是各个值的 ____ 。
accept: [mean, average, arithmetic mean, 平均, 均值, 平均值]
wrong:
  - accept: [sum, 和, 总和]
    mutant: no_softmax
    why: {en: The weights sum to 1., zh: 权重之和为 1。}
why: {en: Equal scores give equal weights., zh: 得分相等，权重就相等。}
"""

FORMULA = """
key: type-attention
type: formula
skill: explain
seconds: 120
stem:
  en: Type scaled dot-product attention.
  zh: 写出缩放点积注意力。
sizes: {n: draw, m: draw, d: draw, v: draw}
vars:
  Q: {shape: [n, d]}
  K: {shape: [m, d]}
  V: {shape: [m, v]}
accept:
  - softmax(Q @ K.T / sqrt(d)) @ V
  - softmax(Q @ K.T / sqrt(K.shape[1]), axis=1) @ V
wrong:
  - formula: softmax(Q @ K.T) @ V
    mutant: no_scale
    why: {en: The scale is missing., zh: 漏了缩放。}
  - formula: softmax(Q @ K.T / sqrt(d), axis=0) @ V
    mutant: softmax_over_queries
    why: {en: Normalised over queries., zh: 对查询做了归一化。}
  - formula: softmax(Q @ K / sqrt(d)) @ V
    mutant: k_not_transposed
    why: {en: Transpose K., zh: K 要转置。}
why: {en: Equation 1., zh: 公式 1。}
"""

SAMPLES: dict[str, str] = {"numeric": NUMERIC, "fill": FILL, "formula": FORMULA}
