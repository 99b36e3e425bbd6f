// The guideline's text as it is read: ids behind headings are for links, not for eyes.

export const shownText = (text: string): string => text.replace(/^(#{1,6} .*?)[ \t]*\{#[\w.-]+\}[ \t]*$/gm, '$1')

/** Clauses and definitions that have every word that was typed. */
export function matching<T extends { title?: string; text: string; label?: string | null; field?: string }>(entries: readonly T[], typed: string): T[] {
  const words = typed.toLocaleLowerCase().split(/\s+/).filter(Boolean)
  return entries.filter((one) => {
    const all = `${one.title ?? ''} ${one.field ?? ''} ${one.label ?? ''} ${one.text}`.toLocaleLowerCase()
    return words.every((word) => all.includes(word))
  })
}
