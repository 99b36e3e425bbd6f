// A conversation in which words are marked: each turn as it was written, one below the other, with who says it.

import { type ReactNode, useMemo } from 'react'
import { partTexts, turnsOf } from '../../engine/talk'
import { Sections } from '../text/sections'
import { TextSurface, type TextSurfaceProps } from '../text/TextSurface'
import { m } from './messages'

export function MarkedTalk({ text, under, ...rest }: Omit<TextSurfaceProps, 'text' | 'partHead'> & { readonly text: string; readonly under: (part: string) => ReactNode }): ReactNode {
  const turns = useMemo(() => turnsOf(text), [text])
  const sections = useMemo(() => new Sections(partTexts('dialogue', text) ?? []), [text])
  const head = (part: string): ReactNode => {
    const turn = turns[Number(part)]
    if (turn === undefined) return null
    const role = m.roles[turn.role] ?? turn.role
    return (
      <>
      <div className="part-head" role="heading" aria-level={2} aria-label={m.turn(Number(part) + 1, turn.name ? `${role}, ${turn.name}` : role)}>
        <span className="who-letter" aria-hidden="true">{[...(turn.name || role)][0]?.toUpperCase()}</span>
        <span className="md">{role}</span>
        {turn.name && <bdi className="t2">{turn.name}</bdi>}
        <span className="grow" />
        <span className="t3 f12 number" aria-hidden="true">{Number(part) + 1}</span>
      </div>
      {under(part)}
      </>
    )
  }
  return <TextSurface {...rest} text={sections} partHead={head} />
}
