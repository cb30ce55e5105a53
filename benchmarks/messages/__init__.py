"""Stock Rasa's facebook channel and Talad side by side, answering the same message: `python -m benchmarks.messages`.

`stacks` starts the processes, `driver` plays the customers and takes the times, `figures` makes numbers of them.
"""
