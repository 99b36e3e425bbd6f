// Every kind of annotation that this screen knows, sorted by name.

import type { ReactNode } from 'react'
import type { KindUi } from '../engine/kind'
import { box } from './box'
import { choice } from './choice'
import { cuboid } from './cuboid'
import { ellipse } from './ellipse'
import { entity } from './entity'
import { grid } from './grid'
import { keypoints } from './keypoints'
import { mask } from './mask'
import { order } from './order'
import { point } from './point'
import { polygon } from './polygon'
import { polyline } from './polyline'
import { ranking } from './ranking'
import { rating } from './rating'
import { relation } from './relation'
import { rotatedBox } from './rotated_box'
import { rubric } from './rubric'
import { span } from './span'
import { step } from './step'
import { text } from './text'

const all = [box, choice, cuboid, ellipse, entity, grid, keypoints, mask, order, point, polygon, polyline, ranking, rating, relation, rotatedBox, rubric, span, step, text]

// Methods of a kind take that kind's own values; whoever holds the list has checked a value before passing it on.
export const KINDS: ReadonlyMap<string, KindUi<ReactNode>> = new Map(all.map((kind) => [kind.name, kind as unknown as KindUi<ReactNode>]))
