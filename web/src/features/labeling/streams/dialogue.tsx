// A conversation, turn by turn; where words of it are marked, letter by letter.

import { lazy, type ReactNode } from 'react'
import { TalkSurface } from '../../../surfaces/talk/TalkSurface'
import { suggesting } from '../suggest/suggestions'
import { m } from '../messages'
import { drawnOn, isMarked, Known, underPart } from './around'
import type { StreamProps } from './props'

const MarkedTalk = lazy(() => import('../../../surfaces/talk/MarkedTalk').then((module) => ({ default: module.MarkedTalk })))

export default function DialogueStream(props: StreamProps): ReactNode {
  const { screen, work, stream, content, text, announce, onControls, onActivity, onPart } = props
  const shared = { text, announce, onControls, onActivity, under: underPart(stream, content), head: <Known work={work} /> }
  if (isMarked(screen, stream)) return <MarkedTalk {...drawnOn(props)} {...suggesting(props.screen)} {...shared} label={m.markedTalk(content.facts.turns ?? 0)} />
  return <TalkSurface {...shared} part={screen.cells.partOn(stream)} onPart={onPart} label={m.talkOf(content.facts.turns ?? 0)} />
}
