//! Tables of manifests.
