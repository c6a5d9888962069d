const deeper = (): number => deeper() + 1;
deeper();
