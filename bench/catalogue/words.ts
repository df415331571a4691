/** Departments, the shelves in them, and what lies there: 8 departments and 42 shelves, so 50 categories. */
export const departments: Readonly<Record<string, Readonly<Record<string, readonly [string, string]>>>> = {
  Electronics: {
    Phones: ['Smartphone', 'Powerbank'],
    Computers: ['Laptop', 'Monitor'],
    Audio: ['Headphones', 'Loudspeaker'],
    Photography: ['Camera', 'Tripod'],
    Wearables: ['Smartwatch', 'Wristband'],
    Networking: ['Router', 'Antenna'],
  },
  Home: {
    Bedroom: ['Mattress', 'Nightstand'],
    'Living Room': ['Armchair', 'Bookcase'],
    Bathroom: ['Towel', 'Showerhead'],
    Lighting: ['Lantern', 'Chandelier'],
    Storage: ['Wardrobe', 'Basket'],
    Decoration: ['Curtain', 'Picture Frame'],
  },
  Kitchen: {
    Cookware: ['Saucepan', 'Casserole'],
    Cutlery: ['Knife Block', 'Teaspoon'],
    Appliances: ['Blender', 'Toaster'],
    Coffee: ['Espresso Machine', 'Grinder'],
    Baking: ['Mixing Bowl', 'Rolling Pin'],
  },
  Clothing: {
    Jackets: ['Raincoat', 'Parka'],
    Knitwear: ['Sweater', 'Cardigan'],
    Trousers: ['Jeans', 'Chinos'],
    Shoes: ['Sneaker', 'Sandal'],
    Accessories: ['Umbrella', 'Sunglasses'],
  },
  Outdoors: {
    Camping: ['Tent', 'Sleeping Bag'],
    Cycling: ['Bicycle', 'Helmet'],
    Climbing: ['Carabiner', 'Harness'],
    Water: ['Paddleboard', 'Snorkel'],
    Hiking: ['Backpack', 'Thermos'],
  },
  Garden: {
    Tools: ['Wheelbarrow', 'Pruner'],
    Furniture: ['Hammock', 'Parasol'],
    Plants: ['Orchid', 'Lavender'],
    Watering: ['Sprinkler', 'Hosepipe'],
    Barbecue: ['Charcoal Grill', 'Smoker'],
  },
  Toys: {
    Building: ['Brick Set', 'Marble Run'],
    Puzzles: ['Jigsaw', 'Brainteaser'],
    Games: ['Chessboard', 'Card Game'],
    Dolls: ['Dollhouse', 'Puppet'],
    Vehicles: ['Toy Tractor', 'Train Set'],
  },
  Office: {
    Writing: ['Fountain Pen', 'Pencil'],
    Paper: ['Notebook', 'Envelope'],
    Desks: ['Standing Desk', 'Footrest'],
    Filing: ['Ring Binder', 'Drawer Cabinet'],
    Machines: ['Laminator', 'Calculator'],
  },
};

export const brands = [
  'Norvik', 'Altura', 'Brightwell', 'Castellan', 'Dovetail', 'Eastmoor', 'Fenwick', 'Granby', 'Halden', 'Ironleaf', 'Juniper', 'Kestrel',
  'Lindqvist', 'Marlowe', 'Northcote', 'Oakhurst', 'Pellworth', 'Quillon', 'Ravenna', 'Solberg', 'Tamarind', 'Umbra', 'Vantage', 'Westerly',
  'Yarrow', 'Zephyrus', 'Ardent', 'Bellamy', 'Corvina', 'Driftwood',
] as const;

export const adjectives = [
  'Compact', 'Classic', 'Foldable', 'Wireless', 'Premium', 'Lightweight', 'Modern', 'Rustic', 'Slim', 'Portable', 'Heavy-Duty', 'Everyday',
] as const;

export const materials = ['bamboo', 'aluminium', 'stainless steel', 'recycled polyester', 'walnut', 'cotton', 'ceramic', 'carbon fibre', 'leather', 'glass'] as const;

export const qualities = ['durable', 'quiet', 'waterproof', 'easy to clean', 'repairable', 'scratch-resistant', 'elegant', 'energy-saving'] as const;

export const occasions = ['travel', 'small apartments', 'busy mornings', 'weekend trips', 'beginners', 'professionals', 'families', 'long evenings'] as const;

/** Three of these make the name of a series: the larger a catalogue, the more words there are in it. */
export const syllables = ['ara', 'bel', 'cor', 'dani', 'eli', 'fjor', 'gali', 'hel', 'iso', 'jara', 'kova', 'lumi', 'mira', 'nova', 'oris', 'pava', 'quan', 'riva', 'sora', 'tali', 'ulra', 'vero', 'wyn', 'xeno', 'yuma', 'zeli'] as const;
