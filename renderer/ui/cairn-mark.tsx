/** The product's mark: three stones, the top one lit. Decoration; the name beside it is what is read out. */
export function CairnMark({ size = 24 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <path
        fill="var(--cairn-stone-1)"
        d="M4.2 25.6c.5-2.1 3.3-3.2 6.9-3.5 4-.4 9.3-.4 12.5.3 2.9.6 4.9 1.9 4.3 3.9-.6 1.9-3.7 2.5-7.2 2.7-4.3.3-9.8.3-12.7-.3-2.6-.5-4.2-1.5-3.8-3.1z"
      />
      <path
        fill="var(--cairn-stone-2)"
        d="M8 17.3c.7-2.1 3.3-2.8 6.3-2.9 3.4-.1 7.6 0 9.1 1.8 1.3 1.6-.1 3.3-2.6 3.9-2.8.7-6.9.8-9.6.3-2.3-.4-3.8-1.5-3.2-3.1z"
      />
      <path
        fill="var(--cairn-stone-3)"
        d="M11.6 9.8c.2-2.5 2-5.3 4.3-5.9 2.4-.6 4.6 1.5 5.1 3.9.5 2.5-.7 4.1-3.3 4.6-2.9.5-6.3-.1-6.1-2.6z"
      />
    </svg>
  );
}
