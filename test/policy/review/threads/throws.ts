throw new Error('a mistake of ours');
