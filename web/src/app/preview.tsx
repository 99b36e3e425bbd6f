// The labeling screen in a small window, for whoever edits a schema.
import { lazy, Suspense } from 'react'
import type { ShowPreview } from '../features/projects'
import { SkeletonRows } from '../ui'
import { m } from './messages'

const LabelingPreview = lazy(() => import('../features/labeling').then((f) => ({ default: f.LabelingPreview })))

export const showPreview: ShowPreview = (schema) => (
  <Suspense fallback={<SkeletonRows rows={8} />}>
    <LabelingPreview schema={schema} title={m.sample} />
  </Suspense>
)
