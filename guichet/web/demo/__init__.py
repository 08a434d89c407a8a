"""The demonstration: fictional sites in real communes, people of every role, all marked so."""
