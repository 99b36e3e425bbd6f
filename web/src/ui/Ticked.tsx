// Texts of the server in which names stand between back-ticks.

/** The text with its `names` set off as such. */
export function Ticked({ text }: { text: string }) {
  return <>{text.split('`').map((part, i) => (i % 2 === 1 ? <span key={i} className="mono t1">{part}</span> : part))}</>
}
