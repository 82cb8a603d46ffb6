"""Where jobs run: `local`, in this process."""
