// Answers side by side; where words of them are marked, letter by letter.

import { lazy, type ReactNode } from 'react'
import { CandidatesSurface } from '../../../surfaces/talk/CandidatesSurface'
import { suggesting } from '../suggest/suggestions'
import { m } from '../messages'
import { drawnOn, isMarked, markOf, underPart } from './around'
import type { StreamProps } from './props'

const MarkedAnswers = lazy(() => import('../../../surfaces/talk/MarkedAnswers').then((module) => ({ default: module.MarkedAnswers })))

export default function CandidatesStream(props: StreamProps): ReactNode {
  const { screen, work, stream, content, text, announce, onControls, onActivity } = props
  const count = content.facts.parts?.length ?? 0
  const shared = { text, announce, onControls, onActivity, under: underPart(stream, content), markOf: (key: string) => markOf(screen, work, stream, key) }
  if (isMarked(screen, stream)) return <MarkedAnswers {...drawnOn(props)} {...suggesting(props.screen)} {...shared} label={m.markedAnswers(count)} />
  return <CandidatesSurface {...shared} part={screen.cells.partOn(stream)} onPart={(part) => screen.cells.goPart(stream, part)} label={m.answersOf(count)} />
}
