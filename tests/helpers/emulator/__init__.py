"""The emulator in its own tests: its process, clients, programs of images."""
