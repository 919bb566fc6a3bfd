// Attaches a behaviour to each element that names one in data-module; pages work without any of it.
const attach = async (element) => {
  for (const name of element.dataset.module.split(" ")) {
    const { default: start } = await import(`./modules/${name}.js`);
    start(element);
  }
};

for (const element of document.querySelectorAll("[data-module]")) attach(element);
