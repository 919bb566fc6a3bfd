"""What every page must be: clean by axe, and never wider than its window."""

from tests.browser.chromium import Page

WIDER = "document.documentElement.scrollWidth - innerWidth"
RUN_AXE = """async () => (await axe.run({ resultTypes: ["violations"] })).violations.flatMap((found) =>
  found.nodes.map((node) => `${found.id}: ${node.target} ${node.failureSummary.replaceAll(/\\s+/g, " ")}`))"""


def faults(page: Page, axe: str) -> list[str]:
    """axe's violations, each with the element; the script goes in beside the content policy, which stays in force."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(axe)
    return list(page.evaluate(RUN_AXE))
