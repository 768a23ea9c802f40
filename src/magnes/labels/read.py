Label=Verdict=read_label=None
