"""The kit's library, in nouns; the verbs beside this folder are its only callers."""
