// The list of questions follows the search and the filters as they change.
export default function filter(root) {
  const form = root.querySelector("form");
  if (location.hash === "#q") form.elements.q.focus();
  let wanted = null;
  let busy = false;

  const refresh = async () => {
    const query = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
    wanted = query.toString();
    if (busy) return;
    busy = true;
    while (wanted !== null) {
      const asked = wanted;
      wanted = null;
      try {
        const page = await (await fetch(`${form.action}?${asked}`)).text();
        const fresh = new DOMParser().parseFromString(page, "text/html").querySelector("[data-list]");
        if (fresh && wanted === null) {
          root.querySelector("[data-list]").replaceWith(fresh);
          history.replaceState(null, "", asked ? `?${asked}` : location.pathname);
        }
      } catch {
        break; // the server is gone: the list stays as it was
      }
    }
    busy = false;
  };

  form.addEventListener("input", (event) => event.target.id !== "more" && refresh());
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    refresh();
  });
}
