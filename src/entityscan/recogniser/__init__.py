"""Our own news recogniser: a small transformer that runs on onnxruntime, without PyTorch.

``pieces`` turns a text into numbers, ``decoding`` turns the network's answer into mentions, ``component`` is the
spaCy component between the two. The network itself is made by the training project in ``models/``.
"""

TEXT = "entityscan_text"
"""Key of ``doc.user_data`` under which our tokenizer leaves the text: ``doc.text`` is built anew at each access."""
