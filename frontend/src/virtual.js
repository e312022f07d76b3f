// TanStack Virtual for Preact: the rows of a long list that are in view.
import { Virtualizer, elementScroll, observeElementOffset, observeElementRect } from "@tanstack/virtual-core";
import { useLayoutEffect, useReducer, useState } from "preact/hooks";

export function useVirtual(options) {
  const [, redraw] = useReducer((count) => count + 1, 0);
  const whole = { observeElementRect, observeElementOffset, scrollToFn: elementScroll, ...options, onChange: redraw };
  const [virtual] = useState(() => new Virtualizer(whole));
  virtual.setOptions(whole);
  useLayoutEffect(() => virtual._didMount(), []);
  useLayoutEffect(() => virtual._willUpdate());
  return virtual;
}
