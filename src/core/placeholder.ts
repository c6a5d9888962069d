/** `{name}` in a declared HTTP call: stands for an input's value. Which names there are is checked when the command is loaded. */
export const placeholder = /\{([A-Za-z0-9_-]+)\}/g;

/** The name of the input when the whole text is one placeholder. */
export const wholePlaceholder = (text: string): string | undefined => {
  const [found] = text.matchAll(placeholder);
  return found?.[0] === text ? found[1] : undefined;
};
