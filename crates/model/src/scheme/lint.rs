//! What a scheme's author should look at again: rules over the whole scheme that no single line breaks.
