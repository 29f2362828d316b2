"""What ranks, in one place for all engines: weights of the parts of a document and of a question.

One setting serves every kind of content; `make bench BENCH=relevance` measures it.
"""

from search.query import Field

TITLE = 5.0  # a word in the title or among the codes and names against one in the body
FILES = 0.5  # what a file says is less about a document than what itself says
SYNONYM = 0.6  # another word of the same meaning against the word that was typed
SHARE = 0.3  # of the pairs of a question a document must hold to be an answer

# The columns of an index a term is looked for in, with their weights.
COLUMNS = {
    Field.ANY: (("title", TITLE), ("keywords", TITLE), ("body", 1.0), ("files", FILES)),
    Field.TITLE: (("title", TITLE),),
    Field.BODY: (("body", 1.0), ("files", FILES)),
}
# The columns of dictionary words, which only rank.
WORD_COLUMNS = {
    Field.ANY: (("title_words", TITLE), ("body_words", 1.0)),
    Field.TITLE: (("title_words", TITLE),),
    Field.BODY: (("body_words", 1.0),),
}
