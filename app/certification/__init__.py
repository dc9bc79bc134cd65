"""Certification: who may be certified, issuing, signing, status. No certificate without a passed attempt."""
