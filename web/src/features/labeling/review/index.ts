// What the rest of the product uses of review.

export { FeedbackPage } from './FeedbackPage'
export { ItemReviews } from './ItemReviews'
export { ReviewScreen } from './ReviewScreen'
