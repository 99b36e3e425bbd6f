// What reviewers said of an item, for whoever looks at it in the list.
import { lazy, Suspense } from 'react'
import type { ReviewsOf } from '../features/items'

const ItemReviews = lazy(() => import('../features/labeling/review').then((f) => ({ default: f.ItemReviews })))

export const reviewsOf: ReviewsOf = (item, schema) => (
  <Suspense fallback={null}>
    <ItemReviews item={item} schema={schema} />
  </Suspense>
)
