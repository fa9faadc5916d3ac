import { createLink } from '@tanstack/react-router';
import type { AnchorHTMLAttributes, Ref } from 'react';

function Anchor({
  ref,
  className,
  ...rest
}: AnchorHTMLAttributes<HTMLAnchorElement> & { ref?: Ref<HTMLAnchorElement> }) {
  return <a ref={ref} className={className} {...rest} />;
}

/** A link to a page of the console, checked against its routes. */
export const TextLink = createLink(Anchor);
