// A picture.

import type { ReactNode } from 'react'
import { CanvasSurface } from '../../../surfaces/canvas/CanvasSurface'
import { BrokenPicture } from '../BrokenPicture'
import { drawnFields } from '../fields'
import { m } from '../messages'
import { LoadingSurface } from '../Placeholders'
import type { Screen } from '../screen'
import { SelectionBar } from '../SelectionBar'
import { useAttempts } from './attempts'
import type { StreamProps } from './props'

const INSETS = { left: 12, top: 12, right: 12, bottom: 88 }
/** Under the bar of a tool that paints: nothing that is to be painted lies behind it. */
const PAINT_INSETS = { ...INSETS, top: 60 }

export default function ImageStream({ screen, work, stream, content, count, announce, onControls, onActivity }: StreamProps): ReactNode {
  const { broken, attempt, onBroken, onAgain } = useAttempts()
  if (broken !== null) return <BrokenPicture error={broken} url={content.url ?? ''} onAgain={onAgain} />
  return (
    <CanvasSurface
      key={attempt}
      work={work}
      view={screen.view}
      kinds={screen.kinds}
      stream={stream}
      url={content.url ?? ''}
      insets={paintsOn(screen, stream) ? PAINT_INSETS : INSETS}
      label={m.picture(count)}
      announce={announce}
      bar={<SelectionBar />}
      loading={(percent) => <LoadingSurface percent={percent} />}
      onControls={onControls}
      onBroken={onBroken}
      onActivity={onActivity}
      disabled={work.isFinal}
    />
  )
}

function paintsOn(screen: Screen, stream: string): boolean {
  return drawnFields(screen).some((field) => {
    const kind = screen.kinds.get(field.kind)
    return field.on === stream && kind?.surface === 'canvas' && kind.paint !== undefined
  })
}
