"""A small item of each type, as an author would write it."""

import yaml

from app.items import TYPES, AnyType, ItemDocument, Variant
from app.items.draw import Dice
from tests.items.samples_typed import SAMPLES as TYPED

CHOICE = {
    "single": """
key: weight-of-the-first
type: single
skill: compute
seconds: 60
stem:
  en: The scores are $([[a]], [[b]])$. What is the first weight?
  zh: 得分为 $([[a]], [[b]])$。第一个权重是多少？
params: {a: {grid: [-2, 2, 0.5]}, b: {grid: [-2, 2, 0.5]}}
guards: ["abs(a - b) > 0.4"]
decimals: 2
options:
  - {key: softmax, value: "softmax(array([a, b]))[0]", right: true, why: {en: right-why, zh: 对的理由}}
  - key: sigmoid
    value: "1 / (1 + exp(-a))"
    mutant: softmax_over_all
    why: {en: '[[value]] ignores $b$', zh: '[[value]] 没有用到 $b$'}
  - {key: other, value: "softmax(array([a, b]))[1]", why: {en: the other weight, zh: 另一个权重}}
  - {key: bare, text: {en: it cannot be told, zh: 无法确定}, why: {en: both scores are given, zh: 两个得分都已给出}}
""",
    "multi": """
key: exact-ones
type: multi
skill: recall
seconds: 45
stem: {en: 'Which equal softmax attention?', zh: '哪些与 softmax 注意力等价？'}
options:
  - key: linformer
    text: {en: Linformer, zh: Linformer}
    mutant: heads_summed
    why: {en: it projects the keys, zh: 它把键投影到更短}
  - key: flash
    text: {en: FlashAttention, zh: FlashAttention}
    right: true
    why: {en: it only tiles, zh: 只是分块计算}
  - {key: window, text: {en: a sliding window, zh: 滑动窗口}, why: {en: it drops pairs, zh: 丢掉了部分配对}}
  - {key: cache, text: {en: a KV cache, zh: KV 缓存}, right: true, why: {en: it only keeps, zh: 只是保存已算结果}}
""",
    "true_false": """
key: heads-are-free
type: true_false
skill: explain
seconds: 40
stem:
  en: At $d = [[d]]$, twice as many heads leave the parameter count unchanged.
  zh: $d = [[d]]$ 时，头数翻倍，参数量不变。
params: {d: {one_of: [64, 128]}}
options:
  - key: narrow
    verdict: true
    right: true
    text: {en: each head becomes half as wide, zh: 每个头的宽度减半}
    why: {en: '$h \\cdot d/h = d$', zh: '$h \\cdot d/h = d$'}
  - key: shared
    verdict: true
    text: {en: all heads share one projection, zh: 所有头共用一个投影}
    why: {en: each has its own, zh: 每个头各有投影}
  - key: full
    verdict: false
    mutant: heads_not_split
    text: {en: each head owns full projections, zh: 每个头都有完整的投影}
    why: {en: they have $d/h$ columns, zh: 只有 $d/h$ 列}
  - key: output
    verdict: false
    text: {en: the output projection is repeated, zh: 输出投影要重复}
    why: {en: there is one, zh: 只有一个}
""",
    "order": """
key: self-attention-in-order
type: order
skill: explain
seconds: 60
stem: {en: Put the steps in order., zh: 请排出正确的顺序。}
steps:
  - {key: project, text: {en: project to $Q$ and $K$, zh: 投影出 $Q$ 与 $K$}}
  - {key: score, text: {en: multiply $QK^\\top$, zh: 计算 $QK^\\top$}}
  - {key: mask, text: {en: add the mask, zh: 加上掩码}}
  - {key: softmax, text: {en: softmax over the keys, zh: 沿键做 softmax}}
also: [[project, mask, score, softmax]]
why: {en: masked scores must not compete, zh: 被屏蔽的得分不得参与竞争}
""",
    "match": """
key: who-scores-how
type: match
skill: recall
seconds: 60
stem: {en: Match each score with its formula., zh: 将打分函数与公式配对。}
pairs:
  - key: dot
    left: {en: dot, zh: 点积}
    right: {en: $q^\\top k$, zh: $q^\\top k$}
    why: {en: nothing is learned, zh: 没有可学习参数}
  - {key: general, left: {en: general, zh: 双线性}, right: {en: $q^\\top W k$, zh: $q^\\top W k$}}
  - {key: scaled, left: {en: scaled dot, zh: 缩放点积}, right: {en: $q^\\top k / \\sqrt d$, zh: $q^\\top k / \\sqrt d$}}
  - {key: bare, left: {en: unscaled, zh: 不缩放}, right: {en: $q^\\top k$, zh: $q^\\top k$}}
distractors:
  - key: concat
    text: {en: '$[O_1; O_2] W^O$', zh: '$[O_1; O_2] W^O$'}
    why: {en: this joins heads, zh: 这是多头的拼接}
""",
}

SAMPLES = CHOICE | TYPED


def kind_of(text: str) -> tuple[AnyType, ItemDocument]:
    """An item's type and its document, read strictly as the bank reads it."""
    data = yaml.safe_load(text)
    kind = TYPES.get(data["type"])
    assert kind is not None
    return kind, kind.model.model_validate(data)


def changed(text: str, **fields: object) -> ItemDocument:
    """The sample's document with other fields; raises ValidationError where they do not fit."""
    data = yaml.safe_load(text) | fields
    kind = TYPES.get(data["type"])
    assert kind is not None
    return kind.model.model_validate(data)


def drawn(text: str, seed: str = "seed") -> tuple[AnyType, ItemDocument, Variant]:
    """The same with a variant of this seed."""
    kind, item = kind_of(text)
    return kind, item, kind.draw(item, Dice(seed))
