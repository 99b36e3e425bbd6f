// A picture.

import type { ReactNode } from 'react'
import { CanvasSurface } from '../../../surfaces/canvas/CanvasSurface'
import { drawnFields } from '../fields'
import { m } from '../messages'
import { AwaitedSurface } from '../Placeholders'
import type { Screen } from '../screen'
import { SelectionBar } from '../SelectionBar'
import { drawnOn } from './around'
import { Attempts } from './attempts'
import type { StreamProps } from './props'

const INSETS = { left: 12, top: 12, right: 12, bottom: 88 }
/** Under the bar of a tool that paints: nothing that is to be painted lies behind it. */
const PAINT_INSETS = { ...INSETS, top: 60 }

export default function ImageStream(props: StreamProps): ReactNode {
  const { screen, stream, content, count } = props
  const url = content.url ?? ''
  const insets = paintsOn(screen, stream) ? PAINT_INSETS : INSETS
  return (
    <Attempts url={url}>
      {(onBroken) => <CanvasSurface {...drawnOn(props)} pins={props.screen.pins} url={url} insets={insets} label={m.picture(count)} bar={<SelectionBar />} loading={(percent) => <AwaitedSurface percent={percent} />} onBroken={onBroken} />}
    </Attempts>
  )
}

function paintsOn(screen: Screen, stream: string): boolean {
  return drawnFields(screen).some((field) => {
    const kind = screen.kinds.get(field.kind)
    return field.on === stream && kind?.surface === 'canvas' && kind.paint !== undefined
  })
}
