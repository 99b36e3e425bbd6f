// The suggestion that is asked about, with what can be said to it.

import type { ReactNode } from 'react'
import { shownChord } from '../../../engine/hotkeys'
import { labelOf } from '../../../engine/schema'
import { Icon } from '../../../ui/Icon'
import { Mark } from '../../../ui/Mark'
import { Key } from '../../../ui/parts'
import type { Screen } from '../screen'
import { m } from './messages'

const MOST = 40

export function SuggestBar({ screen }: { screen: Screen }): ReactNode {
  const { current } = screen.suggestions
  if (current === null) return null
  const label = labelOf(current.field, current.label)
  const words = current.words.length > MOST ? `${current.words.slice(0, MOST)}…` : current.words
  return (
    <div className="floatbar linking" role="group" aria-label={m.title}>
      <Icon name="smart" small />
      {label && <Mark index={label.index} />}
      <span className="md tr" dir="auto" role="status">{m.is(words, label?.title ?? current.label)}</span>
      <button type="button" className="lb on" onClick={() => screen.suggestions.accept()}>{m.yes} <Chord screen={screen} id="accept" /></button>
      <button type="button" className="lb" onClick={() => screen.suggestions.pass()}>{m.no} <Chord screen={screen} id="pass" /></button>
      <button type="button" className="lb" onClick={() => screen.suggestions.acceptAll()}>{m.every} <Chord screen={screen} id="all" /></button>
    </div>
  )
}

function Chord({ screen, id }: { screen: Screen; id: string }): ReactNode {
  const key = screen.keyOf(`suggest.${id}`)
  return key && <Key>{shownChord(key)}</Key>
}
